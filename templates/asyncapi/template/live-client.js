/** `live-client.ts`: connects to the WebSocket channels of a service, from a browser or from Node. */
const { File, Text } = require('@asyncapi/generator-react-sdk');
const { element: h } = require('../parts/element.js');
const { engine } = require('../parts/live-engine.js');

const Block = ({ childrenContent }) => h(Text, { newLines: 2 }, childrenContent);

module.exports = ({ params: { liveClient } }) =>
  h(File, { name: 'live-client.ts' }, [
    h(Block, null, liveClient.header),
    ...liveClient.types.map((type) => h(Block, null, type)),
    ...liveClient.channels.map((channel) => h(Block, null, channel)),
    h(Block, null, engine),
  ]);
