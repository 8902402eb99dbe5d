import type { RuntimeSettings } from '../../configuration/runtime-settings.ts';

/** Where spans go, and as whose. */
export interface OtlpSettings {
  /** The whole URL: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Of the traces that begin here, from 0 to 1; a trace that began elsewhere keeps what was decided there. */
  readonly ratio: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Whether and where to export: `PARKWISE_OTLP_URL`, or the variables that OpenTelemetry gives every program
 * (https://opentelemetry.io/docs/specs/otel/protocol/exporter/). Undefined unless somebody has asked for it.
 *
 * @throws Error when a variable of OpenTelemetry's holds no URL; our own are checked with the other settings
 */
export const otlpSettings = (
  { otlpUrl, otlpHeaders, otlpSampling }: RuntimeSettings,
  service: string,
  env: Env,
): OtlpSettings | undefined => {
  if (/^true$/i.test(env['OTEL_SDK_DISABLED'] ?? '')) return undefined;
  const url = otlpUrl === '' ? standardUrl(env) : tracesUrl('PARKWISE_OTLP_URL', otlpUrl);
  if (url === undefined) return undefined;
  const standard = env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] || env['OTEL_EXPORTER_OTLP_HEADERS'] || '';
  return {
    url,
    headers: parseHeaders(otlpHeaders || standard),
    serviceName: env['OTEL_SERVICE_NAME'] || service,
    ratio: otlpSampling / 100,
  };
};

const standardUrl = (env: Env): string | undefined => {
  const exact = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (exact) return checked('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', exact).href;
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return base ? tracesUrl('OTEL_EXPORTER_OTLP_ENDPOINT', base) : undefined;
};

/** The path of the protocol is added, unless it is there. */
const tracesUrl = (variable: string, base: string): string => {
  const url = checked(variable, base);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/traces`;
  return url.href;
};

const checked = (variable: string, text: string): URL => {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new Error(`${variable} is not the http(s) URL of an OTLP receiver, such as http://127.0.0.1:4318`);
};

/** `name=value,name=value`, percent-encoded, as for W3C baggage. */
const parseHeaders = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
    }),
  );

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing: it was meant as it stands
  }
};
