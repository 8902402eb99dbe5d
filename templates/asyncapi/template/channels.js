/** `channels.ts`: the WebSocket channels of a service: their handlers, who tells changes, and the tables that the runtime runs. */
const { File, Text } = require('@asyncapi/generator-react-sdk');
const { element: h } = require('../parts/element.js');

const Block = ({ childrenContent }) => h(Text, { newLines: 2 }, childrenContent);

module.exports = ({ params: { channels } }) =>
  h(File, { name: 'channels.ts' }, [
    h(Block, null, channels.header),
    h(Block, null, channels.imports),
    ...channels.types.map((type) => h(Block, null, type)),
    ...channels.channels.map((channel) => h(Block, null, channel)),
    h(Block, null, channels.live),
    h(Block, null, channels.tables),
  ]);
