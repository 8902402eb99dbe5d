export { x } from '../services/orders/src/domain/x.ts';
