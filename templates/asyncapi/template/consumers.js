/** `consumers.ts`: the topics, messages and consumers of a service as tables that the runtime runs. */
const { File, Text } = require('@asyncapi/generator-react-sdk');
const { element: h } = require('../parts/element.js');

const Block = ({ childrenContent }) => h(Text, { newLines: 2 }, childrenContent);

module.exports = ({ params: { consumers } }) =>
  h(File, { name: 'consumers.ts' }, [
    h(Block, null, consumers.header),
    h(Block, null, consumers.imports),
    ...consumers.constants.map(({ name, type, value }) => h(Block, null, `const ${name}: ${type} = ${value};`)),
    ...consumers.tables.map(({ name, type, value }) => h(Block, null, `export const ${name}: ${type} = ${value};`)),
  ]);
