import type { Service, Workspace } from '../model/workspace.ts';
import type { OutputFile } from '../output/output-file.ts';
import { httpSchemas } from './http/http-schemas.ts';
import { emitOpenApiTypes } from './http/openapi-types.ts';
import { emitOperations } from './http/operations.ts';
import { emitRoutes } from './http/routes.ts';
import type { RenderAnswer, RenderRequest } from './messaging/async-renderer.ts';
import { consumerParts } from './messaging/consumers.ts';
import { messageSchemas } from './messaging/message-schemas.ts';
import { messageTypes } from './messaging/messages.ts';
import { channelParts } from './realtime/channels.ts';
import { liveClientParts } from './realtime/live-client.ts';
import { calledServices, emitClients } from './service/clients.ts';
import { emitDocuments, emitMain, emitService } from './service/define-service.ts';
import { emitScaffolds } from './service/scaffolds.ts';
import { emitTesting } from './service/testing.ts';
import { emitValidators } from './validators/validators.ts';
import { validatorSet } from './validators/validator-set.ts';

/** The files of one service: those that are ready, and what the messaging template has to lay out. */
export interface EmittedService {
  readonly files: readonly OutputFile[];
  readonly messaging?: {
    readonly request: RenderRequest;
    readonly files: (rendered: RenderAnswer) => readonly OutputFile[];
  };
}

/** Everything that is generated for a service, unformatted. Pure: the same model gives the same files. */
export const emitServiceFiles = (service: Service, workspace: Workspace): EmittedService => {
  const generated = `${service.directory}/src/generated`;
  const validators = validatorSet();
  const contract = service.http;
  const schemas = contract && httpSchemas(contract);
  const http =
    contract && schemas
      ? [
          emitOpenApiTypes(`${generated}/openapi.ts`, contract, schemas),
          emitOperations({ path: `${generated}/operations.ts`, contract, schemas }),
          emitRoutes({ path: `${generated}/routes.ts`, contract, schemas, validators }),
        ]
      : [];

  const messaging = service.messaging;
  const inMessages = messaging && messageSchemas(messaging);
  const messages = messaging && inMessages ? messageTypes(messaging, inMessages) : undefined;
  const consumers =
    messaging && inMessages
      ? consumerParts({ service, contract: messaging, schemas: inMessages, validators })
      : undefined;

  const realtime =
    messaging && inMessages && messaging.realtime.length > 0
      ? {
          channels: channelParts({ contract: messaging, schemas: inMessages, validators }),
          liveClient: liveClientParts(messaging, inMessages),
        }
      : undefined;

  const called = calledServices(service, workspace);
  const clients = called.length === 0 ? [] : [emitClients({ path: `${generated}/clients.ts`, called, validators })];
  const sources = [contract?.file, messaging?.file].filter((file) => file !== undefined);
  const files: OutputFile[] = [
    ...http,
    ...clients,
    ...emitValidators(`${generated}/validators.ts`, sources, validators),
    emitService(`${generated}/service.ts`, service),
    emitTesting({ path: `${generated}/testing.ts`, service, schemas, messages, inMessages }),
    emitMain(`${generated}/main.ts`, sources.length > 0 ? sources : ['parkwise.yaml']),
    ...emitDocuments(`${generated}/documents`, service),
    ...emitScaffolds(service, workspace),
  ];
  if (!messaging || !messages || !consumers) return { files };
  return {
    files,
    messaging: {
      request: { document: messaging.document, messages: messages.parts, consumers, ...(realtime && { realtime }) },
      files: (rendered) => [
        { path: `${generated}/messages.ts`, policy: 'regenerated', text: rendered.messages },
        { path: `${generated}/consumers.ts`, policy: 'regenerated', text: rendered.consumers },
        ...(rendered.realtime
          ? [
              { path: `${generated}/channels.ts`, policy: 'regenerated' as const, text: rendered.realtime.channels },
              {
                path: `${generated}/live-client.ts`,
                policy: 'regenerated' as const,
                text: rendered.realtime.liveClient,
              },
            ]
          : []),
      ],
    },
  };
};
