import { didYouMean } from './did-you-mean.ts';
import type { FindingList } from './finding-list.ts';
import type { Kind, ObjectSpec } from './kind.ts';
import type { Places } from './places.ts';

/** Where a value stands: an entry of an object or array. */
export interface Holder {
  readonly container: object;
  readonly key: string;
}

type Fields = Readonly<Record<string, unknown>>;

export interface StructureHooks {
  /** A `$ref` where the kind allows one: returns what stands in its place. */
  reference?(value: Fields, spec: ObjectSpec, holder: Holder): unknown;
  schema?(value: unknown, holder: Holder): unknown;
}

/** Checks a tree against a description and copies it; every fault is a finding at its place. The copy keeps the places. */
export class StructureReader {
  readonly places: Places;
  readonly findings: FindingList;
  readonly #hooks: StructureHooks;

  constructor(options: { places: Places; findings: FindingList; hooks?: StructureHooks }) {
    this.places = options.places;
    this.findings = options.findings;
    this.#hooks = options.hooks ?? {};
  }

  read(value: unknown, kind: Kind, holder: Holder): unknown {
    switch (kind.is) {
      case 'any':
        return value;
      case 'schema':
        return this.#hooks.schema ? this.#hooks.schema(value, holder) : value;
      case 'notCarried':
        this.findings.add({
          rule: 'construct-not-carried',
          severity: kind.severity,
          ...this.places.at(holder.container, holder.key),
          message: `${kind.construct} not carried into code.`,
          hint: kind.hint,
        });
        return kind.dropped ? undefined : this.read(value, kind.of, holder);
      case 'choice': {
        const chosen = kind.of(value);
        return chosen ? this.read(value, chosen, holder) : this.#wrongType(value, kind.says, holder);
      }
      case 'list':
        return this.#list(value, kind, holder);
      case 'map':
        return this.#map(value, kind, holder);
      case 'object':
        return isObject(value)
          ? this.#object(value, kind.spec(), holder)
          : this.#wrongType(value, `an object (${kind.spec().name})`, holder);
      default:
        return this.#scalar(value, kind, holder);
    }
  }

  /** An object without the question whether it is a reference. */
  fields(value: Fields, spec: ObjectSpec): Fields {
    const copy: Record<string, unknown> = {};
    this.places.copy(value, copy);
    for (const [key, entry] of Object.entries(value)) {
      const kind = this.#kindOf(key, spec);
      const holder = { container: value, key };
      if (kind) setOwn(copy, key, this.read(entry, kind, holder));
      else this.#unknownField(key, spec, value);
    }
    for (const key of spec.required ?? []) {
      if (Object.hasOwn(value, key)) continue;
      this.findings.error('missing-field', this.places.at(value), {
        message: `The ${spec.name} has no "${key}".`,
        hint: `Add "${key}".`,
      });
    }
    return copy;
  }

  #kindOf(key: string, spec: ObjectSpec): Kind | undefined {
    if (Object.hasOwn(spec.fields, key)) return spec.fields[key];
    const own = spec.extensions;
    if (own && Object.hasOwn(own, key)) return own[key];
    if (key.startsWith('x-')) return spec.extensible && !key.startsWith('x-parkwise') ? { is: 'any' } : undefined;
    return spec.patterns?.find(({ matches }) => matches.test(key))?.kind;
  }

  #unknownField(key: string, spec: ObjectSpec, container: object): void {
    const position = this.places.at(container, key);
    if (key.startsWith('x-parkwise')) {
      const known = Object.keys(spec.extensions ?? {});
      this.findings.error('unknown-extension', position, {
        message: `The ${spec.name} takes no extension "${key}".${didYouMean(key, known)}`,
        hint:
          known.length > 0
            ? `Our extensions here are ${known.join(', ')}.`
            : 'None of our extensions stands here: remove it.',
      });
      return;
    }
    const instead = spec.instead && Object.hasOwn(spec.instead, key) ? spec.instead[key] : undefined;
    const names = Object.keys(spec.fields);
    const patterns = spec.patterns?.length ? ' or what the specification lets vary' : '';
    const message =
      key === '$ref'
        ? `The ${spec.name} cannot be a reference.`
        : `The ${spec.name} has no field "${key}".${didYouMean(key, names)}`;
    this.findings.error(instead ? (spec.insteadRule ?? 'unknown-field') : 'unknown-field', position, {
      message,
      hint:
        instead ??
        (names.length > 0
          ? `It takes ${names.join(', ')}${patterns}.`
          : 'Mend the key; the specification lists what fits.'),
    });
  }

  #object(value: Fields, spec: ObjectSpec, holder: Holder): unknown {
    if (typeof value['$ref'] === 'string' && spec.section !== undefined && this.#hooks.reference) {
      return this.#hooks.reference(value, spec, holder);
    }
    return this.fields(value, spec);
  }

  #list(value: unknown, kind: Kind & { is: 'list' }, holder: Holder): unknown {
    if (!Array.isArray(value)) return this.#wrongType(value, 'a list', holder);
    if (value.length < (kind.min ?? 0)) {
      this.#wrong(
        holder,
        `"${holder.key}" needs at least ${kind.min} ${kind.min === 1 ? 'entry' : 'entries'}.`,
        'Add what is missing, or leave it out.',
      );
    }
    const copy = value.map((entry, index) => this.read(entry, kind.of, { container: value, key: String(index) }));
    this.places.copy(value, copy);
    if (kind.unique) {
      value.forEach((entry, index) => {
        if (value.indexOf(entry) < index)
          this.#wrong(
            { container: value, key: String(index) },
            `"${String(entry)}" stands here twice.`,
            'Remove one of the two.',
          );
      });
    }
    return copy;
  }

  #map(value: unknown, kind: Kind & { is: 'map' }, holder: Holder): unknown {
    if (!isObject(value)) return this.#wrongType(value, 'a map', holder);
    const copy: Record<string, unknown> = {};
    this.places.copy(value, copy);
    for (const [key, entry] of Object.entries(value)) {
      if (key === '__proto__' && kind.allowsProto) {
        this.findings.warning('hostile-name', this.places.at(value, key), {
          message: 'A property called "__proto__" is a trap for whoever merges or copies such values.',
          hint: 'Choose another name if you can: JavaScript gives this one a meaning of its own.',
        });
      } else if (key === '__proto__') {
        this.findings.error('forbidden-name', this.places.at(value, key), {
          message: 'Nothing can be called "__proto__".',
          hint: 'Choose another name: JavaScript gives this one a meaning of its own, and validators ignore it.',
        });
        continue;
      }
      if (kind.keys && !kind.keys.test(key)) {
        this.findings.error('wrong-value', this.places.at(value, key), {
          message: `"${key}" cannot be a key of "${holder.key}".`,
          hint: `A key here is ${kind.keySays ?? `like ${kind.keys.source}`}.`,
        });
      }
      setOwn(copy, key, this.read(entry, kind.of, { container: value, key }));
    }
    return copy;
  }

  #scalar(value: unknown, kind: Kind & { is: 'string' | 'boolean' | 'integer' | 'number' }, holder: Holder): unknown {
    if (kind.is === 'string') {
      if (typeof value !== 'string') return this.#wrongType(value, 'a string', holder);
      if (kind.oneOf && !kind.oneOf.includes(value)) {
        this.#wrong(
          holder,
          `"${value}" cannot stand at "${holder.key}".${didYouMean(value, kind.oneOf)}`,
          `It is one of ${kind.oneOf.join(', ')}.`,
        );
      }
      if (kind.matches && !kind.matches.test(value)) {
        this.#wrong(
          holder,
          `"${value}" is not ${kind.says ?? 'what fits'}.`,
          `Write ${kind.says ?? `something like ${kind.matches.source}`}.`,
        );
      }
      return value;
    }
    if (kind.is === 'boolean')
      return typeof value === 'boolean' ? value : this.#wrongType(value, 'true or false', holder);
    if (typeof value !== 'number' || (kind.is === 'integer' && !Number.isInteger(value))) {
      return this.#wrongType(value, kind.is === 'integer' ? 'an integer' : 'a number', holder);
    }
    if (kind.is === 'integer' && (value < (kind.min ?? -Infinity) || value > (kind.max ?? Infinity))) {
      this.#wrong(
        holder,
        `${value} is out of bounds for "${holder.key}".`,
        `Choose a value from ${kind.min ?? 'any'} to ${kind.max ?? 'any'}.`,
      );
    }
    return value;
  }

  #wrong(holder: Holder, message: string, hint: string): void {
    this.findings.error('wrong-value', this.places.atValue(holder.container, holder.key), { message, hint });
  }

  #wrongType(value: unknown, expected: string, holder: Holder): undefined {
    this.findings.error('wrong-type', this.places.atValue(holder.container, holder.key), {
      message: `"${holder.key}" is ${describe(value)} and has to be ${expected}.`,
      hint: `Write ${expected}${typeof value === 'number' && expected === 'a string' ? ', in quotes' : ''}.`,
    });
    return undefined;
  }
}

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets an own property, whatever it is called. */
export const setOwn = (target: object, key: string, value: unknown): void => {
  if (value === undefined) return;
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

const describe = (value: unknown): string => {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `${typeof value === 'boolean' ? '' : `the ${typeof value} `}${JSON.stringify(value)}`;
};
