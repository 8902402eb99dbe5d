export { x } from '../../cli/src/x.ts';
