import assert from "node:assert/strict";
import { test } from "node:test";
import { PushSubscriptionKeys } from "@echoo/testkit";

test("the test kit reads the push of RFC 8291, appendix A, so that it can judge others", () => {
  const keys = new PushSubscriptionKeys("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg");
  const body =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
  assert.equal(keys.decrypt(Buffer.from(body, "base64url")), "When I grow up, I want to be a watermelon");
});
