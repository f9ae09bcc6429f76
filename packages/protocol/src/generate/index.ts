export { type AsyncApiDocument, asyncApiDocument } from "./asyncapi.ts";
export { type OpenApiDocument, openApiDocument } from "./openapi.ts";
export { referenceMarkdown, referenceSections } from "./reference.ts";
export { type SchemaPool, schemaPool } from "./schema-pool.ts";
export type { Section, Table } from "./section.ts";
