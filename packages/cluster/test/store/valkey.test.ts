import { after, describe } from "node:test";
import { RedisProcess, requireService } from "@echoo/testkit";
import { scriptsConformance } from "../conformance/scripts-conformance.ts";
import { redisUnderTest } from "../redis-under-test.ts";

describe("valkey", { skip: requireService("valkey") }, () => {
  let server: Promise<RedisProcess> | undefined;
  after(async () => {
    await (await server)?.stop();
  });
  scriptsConformance("valkey", async () => {
    server ??= RedisProcess.start("valkey");
    return redisUnderTest(await server);
  });
});
