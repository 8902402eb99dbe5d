/** One service written by hand: `main.ts spots|bookings <database> <issuer> <jwks> [<url of spots>]`. Answers with its port. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serveOrders } from '../worker.ts';
import { bookingRoutes } from './bookings.ts';
import { serve } from './serve.ts';
import { spotRoutes } from './spots.ts';
import { openSql } from './sql.ts';

const [role, database = '', issuer = '', jwksUrl = '', spotsUrl = ''] = process.argv.slice(2);
const sql = openSql(database);
const server = serve({ issuer, jwksUrl }, role === 'spots' ? spotRoutes(sql) : bookingRoutes(sql, spotsUrl));
server.listen(0, '127.0.0.1');
await once(server, 'listening');

serveOrders(
  async () => ({ port: (server.address() as AddressInfo).port }),
  async () => {
    server.closeAllConnections();
    server.close();
    await sql.close();
  },
);
