/** An element as JSX would make it. The renderer looks at its type and its properties alone, so React itself is not needed. */
exports.element = (type, props, ...children) => ({
  type,
  props: { ...props, children: children.length === 1 ? children[0] : children },
});
