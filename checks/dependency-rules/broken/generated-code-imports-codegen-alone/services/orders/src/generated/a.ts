export { x } from '../../../../runtime/src/http/x.ts';
