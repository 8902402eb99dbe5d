import type { TestOptions } from '@parkwise/runtime/codegen/v1';
import { startTestService } from '../../src/generated/testing.ts';
import service from '../../src/service.ts';

export const PASSWORD = 'seven blue umbrellas';
export const CLIENT = 'parkwise-app';
export const EMAIL = 'ana.garcia@example.com';

const services = [{ id: 'booking', secret: 'a-secret-only-for-these-tests', scopes: ['spots:read'] }];

/** Identity with one service client, `booking`. */
export const startIdentity = (env: Record<string, string> = {}, options: TestOptions = {}) =>
  startTestService(service, {}, { ...options, env: { IDENTITY_SERVICE_CLIENTS: JSON.stringify(services), ...env } });

export type Identity = Awaited<ReturnType<typeof startIdentity>>;

/** The answer, which has to have this status. */
export function answered<A extends { status: number; body: unknown }, S extends A['status']>(answer: A, status: S) {
  if (answer.status !== status) throw new Error(`Answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer as Extract<A, { status: S }>;
}

export const driverRegistration = (email = EMAIL) =>
  ({
    role: 'driver',
    email,
    password: PASSWORD,
    displayName: 'Ana García',
    locale: 'es-ES',
    phone: '+34600111222',
  }) as const;

export const providerRegistration = (email = 'office@garaje-centro.example') =>
  ({
    role: 'provider',
    email,
    password: PASSWORD,
    displayName: 'Marta Ruiz',
    locale: 'es-ES',
    business: { name: 'Garaje Centro', kind: 'garage', taxId: 'B12345678' },
  }) as const;

export const registerDriver = async (app: Identity, email = EMAIL) =>
  answered(await app.anonymous().registerUser({ body: driverRegistration(email) }), 201).body;

export const registerProvider = async (app: Identity, email?: string) =>
  answered(await app.anonymous().registerUser({ body: providerRegistration(email) }), 201).body;

export const trySignIn = (
  app: Identity,
  { username = EMAIL, password = PASSWORD, client_id = CLIENT, scope = '' } = {},
) =>
  app.anonymous().issueToken({
    body: { grant_type: 'password', client_id, username, password, ...(scope && { scope }) },
  });

export const signIn = async (app: Identity, how: Parameters<typeof trySignIn>[1] = {}) =>
  answered(await trySignIn(app, how), 200).body;

export const tryRenew = (app: Identity, refresh_token: string, { client_id = CLIENT, scope = '' } = {}) =>
  app.anonymous().issueToken({
    body: { grant_type: 'refresh_token', client_id, refresh_token, ...(scope && { scope }) },
  });

/** A user of the test kit who has an account here. */
export const holder = (user: { id: string; roles: readonly string[] }) => ({
  sub: user.id,
  roles: user.roles,
  scopes: ['profile:read', 'profile:write', 'users:read', 'users:write'],
});

/** An administrator of the test kit; no account is looked up for one. */
export const admin = {
  sub: '01900000-0000-7000-8000-0000000000aa',
  roles: ['admin'],
  scopes: ['users:read', 'users:write'],
};
