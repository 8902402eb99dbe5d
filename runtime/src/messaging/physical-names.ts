/** Names on the transport: the namespace comes first, so that several installations can share one. */
const under = (namespace: string | undefined, name: string): string => (namespace ? `${namespace}.${name}` : name);

export const physicalTopic = (namespace: string | undefined, address: string): string => under(namespace, address);

export const physicalGroup = (namespace: string | undefined, group: string): string => under(namespace, group);

/** Where messages wait for attempt `attempt + 1`; `attempt` counts from 1. */
export const retryTopic = (topic: string, group: string, attempt: number): string =>
  `${topic}.${group}.retry.${attempt}`;

export const deadLetterTopic = (topic: string, group: string): string => `${topic}.${group}.dlt`;
