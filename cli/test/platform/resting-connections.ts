/** Connections that are kept open, as those of a client's pool are, and used again much later. */
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RestingConnections {
  /** Asks once more over each. @returns how many of them answered over the same connection as before. */
  answering(): Promise<number>;
}

/** Opens so many, and asks once over each. */
export const openResting = async (url: string, count: number): Promise<RestingConnections> => {
  const ports = new Map<Agent, number | undefined>();
  const ask = async (agent: Agent): Promise<number | undefined> => {
    const asked = request(url, { agent });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const { localPort } = response.socket;
    await text(response);
    return response.statusCode === 200 ? localPort : undefined;
  };
  for (let n = 0; n < count; n += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    ports.set(agent, await ask(agent));
  }
  return {
    async answering() {
      let same = 0;
      for (const [agent, port] of ports) {
        if (port !== undefined && (await ask(agent)) === port) same += 1;
        agent.destroy();
      }
      return same;
    },
  };
};
