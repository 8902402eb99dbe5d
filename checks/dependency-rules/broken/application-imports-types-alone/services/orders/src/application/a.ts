export { x } from '../generated/x.ts';
