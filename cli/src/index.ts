/** What other tools may use of parkwise: reading a workspace, and running it. */
export { UserError } from './application/user-error.ts';
export { loadWorkspace, type LoadResult } from './contracts/load-workspace.ts';
export type { Finding } from './model/finding.ts';
export type { SourcePosition, Workspace } from './model/workspace.ts';
export { detach, type DetachOptions } from './platform/detach.ts';
export { down, type DownOptions } from './platform/down.ts';
export { listServices, type ListedService } from './platform/list-services.ts';
export { mintToken, type MintOptions } from './platform/mint-token.ts';
export { publishEvent, type PublishedEvent, type PublishOptions } from './platform/publish-event.ts';
