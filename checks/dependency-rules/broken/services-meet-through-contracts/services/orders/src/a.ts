export { x } from '../../stock/src/x.ts';
