import { after, describe } from "node:test";
import { RedisProcess, requireService } from "@echoo/testkit";
import { scriptsConformance } from "../conformance/scripts-conformance.ts";
import { redisUnderTest } from "../redis-under-test.ts";

describe("redis", { skip: requireService("redis") }, () => {
  let server: Promise<RedisProcess> | undefined;
  after(async () => {
    await (await server)?.stop();
  });
  scriptsConformance("redis", async () => {
    server ??= RedisProcess.start("redis");
    return redisUnderTest(await server);
  });
});
