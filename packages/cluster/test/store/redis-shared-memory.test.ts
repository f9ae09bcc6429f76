import { after, describe } from "node:test";
import { RedisProcess, requireService } from "@echoo/testkit";
import { redisSharedUnderTest } from "../shared/redis-shared-under-test.ts";
import { sharedConformance } from "../shared/shared-conformance.ts";

describe("redis", { skip: requireService("redis") }, () => {
  let server: Promise<RedisProcess> | undefined;
  after(async () => {
    await (await server)?.stop();
  });
  sharedConformance("redis", async (most) => {
    server ??= RedisProcess.start("redis");
    return redisSharedUnderTest(await server, most);
  });
});
