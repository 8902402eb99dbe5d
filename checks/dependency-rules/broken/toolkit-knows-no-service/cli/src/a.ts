export { x } from '../../services/orders/src/x.ts';
