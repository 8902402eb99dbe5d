export { x } from '../commands/x.ts';
