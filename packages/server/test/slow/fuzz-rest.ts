import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { findSchemathesis, type ServerProcess } from "@echoo/testkit";

/** The same requests each time. Set ECHOO_TEST_SEED to try others. */
const seed = process.env.ECHOO_TEST_SEED ?? "20260101";
/** Of each endpoint, besides those that its bounds give. */
const examplesEach = 15;
const runLimitMs = 170_000;

/**
 * Checked of every answer: no 5xx but those that the contract names (503), no status and no content type that it does not
 * name, bodies and headers as their schemas say; requests against the schema are refused, requests within it are not.
 *
 * Left out:
 * - ignored_auth: an endpoint under open access answers without a token; the table test of open access holds that.
 * - use_after_free, ensure_resource_availability: need links between endpoints, which the document does not have.
 */
const checks = [
  ...["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance"],
  ...["response_schema_conformance", "negative_data_rejection", "positive_data_acceptance"],
  ...["unsupported_method", "allow_header_conformance"],
].join(",");

/** A refusal of what the schema allows is right where JSON Schema has no words for the rule. */
const settings = `
# Without a body's proper type, or without a token, nothing else is looked at; a missing or broken header is no JSON either.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 413, 415]

# Times that contradict each other, a call to oneself, a reason that does not fit the status.
[[operations]]
include-operation-id = "saveCall"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404, 409]

# A cursor that no page gave out.
[[operations]]
include-operation-id = "listCalls"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", 400, 401, 403, 404]
`;

/** These would end the token that the other requests go with. Each has tests of its own in test/http. */
export const endTheToken = ["logout", "deleteUser", "revokeToken", "revokeAllTokens"];

interface Run {
  readonly token?: string;
  readonly excluded?: readonly string[];
}

/** Sends a running server thousands of requests that its description allows, or forbids, and checks each answer. */
export async function fuzzRest(
  t: TestContext,
  server: ServerProcess,
  { token, excluded = [] }: Run = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "echoo-schemathesis-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const config = join(folder, "schemathesis.toml");
  writeFileSync(config, settings);
  const args = [
    ...["--config-file", config, "run", `${server.url}/openapi.json`],
    ...["--seed", seed, "--max-examples", String(examplesEach), "--generation-database", "none"],
    ...["--phases", "examples,coverage,fuzzing", "--checks", checks, "--warnings", "off", "--no-color"],
    ...excluded.flatMap((id) => ["--exclude-operation-id", id]),
    ...(token === undefined ? [] : ["--header", `Authorization: Bearer ${token}`]),
  ];
  const command = findSchemathesis() ?? "st";
  const { code, output } = await finished(command, args, folder);
  const summary = /(\d+ generated.*)/.exec(output)?.[1] ?? output.slice(-2_000);
  t.diagnostic(`seed ${seed}: ${summary}`);
  assert.equal(code, 0, output);
  assert.match(output, /Selected: \d\d\/\d\d/);
  assert.deepEqual(server.faults(), []);
}

function finished(command: string, args: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, timeout: runLimitMs, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}
