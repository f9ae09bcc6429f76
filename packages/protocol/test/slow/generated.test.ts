import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Parser } from "@asyncapi/parser";
import {
  clientMessages,
  closeCodes,
  limits,
  normalisePhone,
  type RestRow,
  restContract,
  serverMessages,
} from "@echoo/protocol";
import { asyncApiDocument, openApiDocument, referenceMarkdown } from "@echoo/protocol/generate";
import { Validator } from "@seriousme/openapi-schema-validator";
import fc from "fast-check";

const version = "1.2.3";

test("the OpenAPI document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(openApiDocument(version)));
  assert.deepEqual(result.errors ?? [], []);
  assert.ok(result.valid);
  assert.equal(validator.version, "3.1");
});

test("the AsyncAPI document is valid AsyncAPI 3", async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument(version)));
  // 3.1 exists; 3.0 is what the tools of today read.
  assert.deepEqual(
    diagnostics.map((found) => found.code),
    ["asyncapi-latest-version"],
  );
  assert.ok(document !== undefined);
  assert.equal(document.messages().length, Object.keys(clientMessages).length + Object.keys(serverMessages).length);
});

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: Readonly<Record<string, { readonly headers?: object }>>;
}

const operationOf = (row: RestRow): Operation => {
  const path = openApiDocument(version).paths[row.path.replace(/:(\w+)/g, "{$1}")];
  return path?.[row.method.toLowerCase()] as Operation;
};

test("every endpoint is described with all of its statuses, who may call it and when to come back", () => {
  const security = { token: [{ bearer: [] }], admin: [{ bearer: [] }], open: [{ bearer: [] }, {}], none: [] };
  for (const row of Object.values(restContract) as readonly RestRow[]) {
    const operation = operationOf(row);
    for (const status of Object.keys(row.responses)) assert.ok(Object.hasOwn(operation.responses, status));
    assert.ok(Object.hasOwn(operation.responses, "500"), row.operationId);
    assert.deepEqual(operation.security, security[row.auth], row.operationId);
    for (const status of ["429", "503"]) {
      const response = operation.responses[status];
      if (response !== undefined) assert.ok(Object.hasOwn(response.headers ?? {}, "Retry-After"), row.operationId);
    }
  }
});

/** Text of the characters that make a number, or nearly make one. */
const nearlyNumber = fc.string({ unit: fc.constantFrom(..."0123456789+ ().-a"), maxLength: 24 });
const phoneOf = (users?: "phone" | "host") => {
  const path = openApiDocument(version, users).paths["/api/calls/{phone}"] as { get: Operation };
  return path.get.parameters?.[0]?.schema as { pattern: string; maxLength: number };
};

test("the description takes for a number exactly what the server does", () => {
  const { pattern, maxLength } = phoneOf();
  fc.assert(
    fc.property(nearlyNumber, (text) => {
      const described = new RegExp(pattern).test(text) && text.length <= maxLength;
      assert.equal(described, normalisePhone(text) !== undefined, JSON.stringify(text));
    }),
    { numRuns: 5_000 },
  );
});

test("where users have the ids of the host product, the description takes those as well", () => {
  for (const id of ["auth0|ann@example.com", "5551234567"]) assert.match(id, new RegExp(phoneOf("host").pattern));
  assert.doesNotMatch("auth0|ann@example.com", new RegExp(phoneOf().pattern));
});

test("a query's bounds and a body's need are in the description", () => {
  const limit = operationOf(restContract.listCalls).parameters?.find((parameter) => parameter.name === "limit");
  assert.deepEqual(limit?.schema, { type: "integer", minimum: 1, maximum: limits.historyPage });
  assert.equal(operationOf(restContract.saveCall).requestBody?.required, true);
  assert.equal(operationOf(restContract.markCallsSeen).requestBody?.required, false);
  assert.equal(operationOf(restContract.logout).requestBody, undefined);
});

test("no schema forbids fields that it does not name, for unknown fields are dropped", () => {
  for (const document of [openApiDocument(version), asyncApiDocument(version)]) {
    assert.ok(!JSON.stringify(document).includes('"additionalProperties":false'));
  }
});

test("the AsyncAPI document tells close codes and limits", () => {
  const text = JSON.stringify(asyncApiDocument(version));
  for (const [code, row] of Object.entries(closeCodes)) assert.ok(text.includes(`| ${code} | ${row.meaning} |`), code);
  assert.ok(text.includes(JSON.stringify(limits)));
});

test("the reference page has every message and no table that Markdown would break", () => {
  const page = referenceMarkdown();
  for (const type of [...Object.keys(clientMessages), ...Object.keys(serverMessages)]) {
    assert.ok(page.includes(`\n### ${type}\n`), type);
  }
  const tables = page.split("\n\n").filter((block) => block.startsWith("|"));
  for (const table of tables) {
    const widths = table
      .trim()
      .split("\n")
      .map((line) => line.replaceAll("\\|", "").split("|").length);
    assert.equal(new Set(widths).size, 1, table);
  }
});

test("the committed files are those that the tables give", async () => {
  const script = fileURLToPath(new URL("../../../../scripts/generate.ts", import.meta.url));
  const said = await new Promise<string>((resolve) => {
    const args = ["--conditions=source", "--import", "tsx", script, "--check"];
    execFile(process.execPath, args, (error, _out, err) => resolve(error === null ? "" : err || error.message));
  });
  assert.equal(said, "");
  const committed = new URL("../../../../docs/reference/openapi.json", import.meta.url);
  const { version: packaged } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  assert.deepEqual(
    JSON.parse(await readFile(committed, "utf8")),
    JSON.parse(JSON.stringify(openApiDocument(packaged))),
  );
});
