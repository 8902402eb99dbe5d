/** `messages.ts`: the data of each message, a publisher per message that is sent, a handler type per message that is received. */
const { File, Text } = require('@asyncapi/generator-react-sdk');
const { element: h } = require('../parts/element.js');

const Block = ({ childrenContent }) => h(Text, { newLines: 2 }, childrenContent);

const Publisher = ({ publisher }) =>
  h(Text, { newLines: 1 }, `${publisher.doc}readonly ${publisher.name}: ${publisher.type};`);

module.exports = ({ params: { messages } }) =>
  h(File, { name: 'messages.ts' }, [
    h(Block, null, messages.header),
    h(Block, null, messages.imports),
    ...messages.types.map((type) => h(Block, null, type)),
    h(
      Text,
      { newLines: 1 },
      '/** Sends messages: each is stored with the transaction and sent once that has committed. */\nexport interface Publish {',
    ),
    ...messages.publishers.map((publisher) => h(Publisher, { publisher })),
    h(Block, null, '}'),
    ...messages.handlers.map(({ doc, name, type }) => h(Block, null, `${doc}export type ${name} = ${type};`)),
  ]);
