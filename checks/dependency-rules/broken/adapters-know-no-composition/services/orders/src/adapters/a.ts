export { x } from '../service.ts';
