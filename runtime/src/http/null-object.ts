/**
 * An object that inherits nothing, so that a parameter called `constructor` or `__proto__` is an ordinary property and one that was
 * not sent is absent. A class with an empty prototype keeps V8's fast properties, which `Object.create(null)` does not.
 */
const NullObject = function () {} as unknown as new () => Record<string, unknown>;
NullObject.prototype = Object.create(null) as object;

export const nullObject = (): Record<string, unknown> => new NullObject();
