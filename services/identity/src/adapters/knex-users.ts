import type { RowOf, Sql, Tx } from '@parkwise/runtime';
import type { Users } from '../application/ports.ts';
import { emailKey } from '../domain/email-address.ts';
import { inOrder, type Role } from '../domain/role.ts';
import type { ContactChannel, User, UserChange } from '../domain/user.ts';
import type { Publish } from '../generated/messages.ts';
import { publishUserEvents } from './publish-user-events.ts';
import { userRoles, users } from './tables.ts';

/** Accounts in SQL. Their events go out in the transaction that stores them. */
export const knexUsers = (sql: Sql, publish: Publish): Users => ({
  async byId(id, within = undefined) {
    const [user] = await read(within ?? sql, await users.find(within ?? sql, { id }));
    return user;
  },

  async credentialsOf(email) {
    const row = await users.first(sql, { emailKey: emailKey(email) });
    return row && { userId: row.id, passwordHash: row.passwordHash };
  },

  async list({ role, after, limit }) {
    const rows = await users.find(
      sql,
      (query) => {
        if (role) void query.whereIn('id', userRoles.query(sql).select('user_id').where({ role }));
        if (!after) return;
        const { created_at: createdAt, id } = users.encode(sql, after);
        void query.where((earlier) =>
          earlier
            .where('created_at', '<', createdAt as string)
            .orWhere((same) => same.where('created_at', createdAt as string).where('id', '<', id as string)),
        );
      },
      { orderBy: { createdAt: 'desc', id: 'desc' }, limit },
    );
    return read(sql, rows);
  },

  async otherAdmins(tx, id) {
    const admins = await userRoles.find(tx, { role: 'admin' }, { forUpdate: true });
    return admins.filter(({ userId }) => userId !== id).length;
  },

  async add(tx, change, passwordHash) {
    const { state } = change;
    try {
      await users.insert(tx, {
        ...columnsOf(state),
        id: state.id,
        emailKey: emailKey(state.email),
        passwordHash,
        version: state.version,
        createdAt: state.createdAt,
      });
    } catch (error) {
      if (tx.dialect.isUniqueViolation(error)) return 'email-taken';
      throw error;
    }
    await userRoles.insert(tx, rolesOf(state));
    await publishUserEvents(publish, tx, change);
    return 'added';
  },

  async save(tx, change) {
    const { state, events } = change;
    if (events.length === 0) return 'saved';
    const isFirst = await users.updateVersion(tx, { id: state.id }, state.version - 1, columnsOf(state));
    if (!isFirst) return 'stale';
    if (events.some(({ type }) => type === 'RolesChanged')) {
      await userRoles.delete(tx, { userId: state.id });
      await userRoles.insert(tx, rolesOf(state));
    }
    await publishUserEvents(publish, tx, change);
    return 'saved';
  },
});

/** What a change may change. */
const columnsOf = ({ email, profile, updatedAt }: UserChange['state']) => ({
  email,
  displayName: profile.displayName,
  locale: profile.locale,
  contactChannel: profile.contactChannel,
  phone: profile.phone ?? null,
  vehiclePlate: profile.vehiclePlate ?? null,
  business: profile.business ?? null,
  updatedAt,
});

const rolesOf = ({ id, roles }: User) => roles.map((role) => ({ userId: id, role }));

async function read(sql: Sql | Tx, rows: readonly RowOf<typeof users>[]): Promise<User[]> {
  if (rows.length === 0) return [];
  const held = await userRoles.find(sql, { userId: rows.map(({ id }) => id) });
  return rows.map((row) => {
    const { id, email, version, createdAt, updatedAt, displayName, locale, phone, vehiclePlate, business } = row;
    const roles = inOrder(held.filter(({ userId }) => userId === id).map(({ role }) => role as Role));
    const contactChannel = row.contactChannel as ContactChannel;
    const optional = { ...(phone && { phone }), ...(vehiclePlate && { vehiclePlate }), ...(business && { business }) };
    const profile = { displayName, locale, contactChannel, ...optional };
    return { id, email, roles, profile, version, createdAt, updatedAt };
  });
}
