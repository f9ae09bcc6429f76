import type { Registration } from "@echoo/accounts";
import { limits } from "@echoo/protocol";
import { shownName } from "../bodies/user-body.ts";
import { tokenOf } from "../requests/acting-user.ts";
import type { Handlers } from "../route.ts";

type AccountIds = "appSendCode" | "appVerifyCode" | "appGetProfile" | "appUpdateProfile";

export function appAccountRoutes(
  registration: Registration,
  users: Handlers<"getUser" | "updateUser">,
): Handlers<AccountIds> {
  return {
    appSendCode: async ({ body, facts, client, requestId }) => {
      const sent = await registration.sendCode(body.phoneNumber, { facts, client, requestId });
      if ("isInvited" in sent) {
        return { status: 200, body: { success: true, message: "Enter the code of your invitation." } };
      }
      const { devOtp } = sent;
      if (devOtp === undefined) return { status: 200, body: { success: true, message: "The code was sent." } };
      return { status: 200, body: { success: true, message: "The code is in this answer.", devOtp } };
    },

    appVerifyCode: async ({ body, facts, client, requestId }) => {
      const device = deviceOf(body.deviceInfo);
      const request = { phone: body.phoneNumber, otp: body.otp, ...(device === undefined ? {} : { device }) };
      const { user, issued } = await registration.redeemCode(request, { facts, client, requestId });
      const shown = { id: user.id, phoneNumber: user.id, displayName: shownName(user, user.id) };
      return { status: 200, body: { success: true, user: shown, authToken: issued.secret } };
    },

    appGetProfile: async (request) => {
      const phone = tokenOf(request.caller).userId;
      const { body } = await users.getUser({ ...request, params: { phone } });
      const { displayName, createdAt } = body.user;
      if (createdAt === undefined) throw new Error("one's own account has no beginning");
      return { status: 200, body: { id: phone, phoneNumber: phone, displayName, createdAt } };
    },

    appUpdateProfile: async (request) => {
      const phone = tokenOf(request.caller).userId;
      await users.updateUser({ ...request, params: { phone } });
      return { status: 200, body: { success: true } };
    },
  };
}

function deviceOf(info: unknown): string | undefined {
  const text = typeof info === "string" ? info.trim().slice(0, limits.deviceIdChars) : "";
  return text === "" ? undefined : text;
}
