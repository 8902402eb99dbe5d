export { x } from '../emitters/x.ts';
