/**
 * tap follows every process that a test starts and every file that one loads, for coverage and for watching. Nothing here asks for
 * what it finds out, and it costs each process as much time again as it takes to start: so it follows nothing, and programs under
 * test start as they would for a user.
 */
import processOnSpawn from 'process-on-spawn';

process.env._TAPJS_PROCESSINFO_EXCLUDE_ = '/./';

processOnSpawn.addListener((spawned) => {
  delete spawned.env.NODE_OPTIONS;
  return spawned;
});
