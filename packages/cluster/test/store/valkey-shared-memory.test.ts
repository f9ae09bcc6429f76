import { after, describe } from "node:test";
import { RedisProcess, requireService } from "@echoo/testkit";
import { redisSharedUnderTest } from "../shared/redis-shared-under-test.ts";
import { sharedConformance } from "../shared/shared-conformance.ts";

describe("valkey", { skip: requireService("valkey") }, () => {
  let server: Promise<RedisProcess> | undefined;
  after(async () => {
    await (await server)?.stop();
  });
  sharedConformance("valkey", async (most) => {
    server ??= RedisProcess.start("valkey");
    return redisSharedUnderTest(await server, most);
  });
});
