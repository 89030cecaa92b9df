/** The parts of Swagger UI that our plugins use. */
interface SwaggerUi {
  oas3Actions: { setRequestBodyValue: (body: { value: undefined; pathMethod: string[] }) => void };
  fn: { getSampleSchema: SampleOf };
}
type SetContentType = (chosen: { value: string; pathMethod: string[] }) => void;
type SampleOf = (schema: unknown, mediaType: string, config: unknown, example?: unknown) => unknown;

/** What Swagger UI's script defines in the browser. */
declare const SwaggerUIBundle: { plugins: { DownloadUrl: Record<string, never> } };

/**
 * Plugins of Swagger UI on /docs. They run in the browser: the server writes their source text into a script, so they must
 * not use anything else of this module.
 */
export const docsPagePlugins = [
  // The setting `plugins` replaces the default ones, and this one loads the description.
  () => SwaggerUIBundle.plugins.DownloadUrl,
  // Without this, the fields of a form stay in memory when another kind of body is chosen, and `{}` is sent.
  () => ({
    statePlugins: {
      oas3: {
        wrapActions: {
          setRequestContentType:
            (original: SetContentType, { oas3Actions }: SwaggerUi): SetContentType =>
            (chosen) => {
              oas3Actions.setRequestBodyValue({ value: undefined, pathMethod: chosen.pathMethod });
              original(chosen);
            },
        },
      },
    },
  }),
  // Without this, an example of NDJSON is shown and sent as one JSON string, because its media type contains `json`.
  () => ({
    afterLoad(this: Pick<SwaggerUi, 'fn'>, { fn }: SwaggerUi): void {
      const original = fn.getSampleSchema;
      this.fn.getSampleSchema = (schema, mediaType, config, example) =>
        mediaType === 'application/x-ndjson' && typeof example === 'string'
          ? example
          : original(schema, mediaType, config, example);
    },
  }),
];
