import { keySetUrl, onOff, rotatedSecrets } from "../kinds.ts";
import { setting } from "../setting.ts";

/** Who is told what happens. */
export const webhookSettings = {
  webhookUrl: setting({
    name: "ECHOO_WEBHOOK_URL",
    group: "Webhooks",
    doc: "Where events are posted to, such as `call.ended`. https, but for this machine itself in development.",
    kind: keySetUrl,
    byDefault: undefined,
  }),
  webhookSecrets: setting({
    name: "ECHOO_WEBHOOK_SECRET",
    group: "Webhooks",
    doc:
      "Signs what is posted there (Standard Webhooks): `whsec_` and base64, as `openssl rand -base64 32` gives it. For a" +
      " rotation two with a comma between them, the new one first: both sign.",
    kind: rotatedSecrets(24),
    byDefault: [],
    defaultText: "none",
    secret: true,
  }),
  webhookAllowPrivate: setting({
    name: "ECHOO_WEBHOOK_ALLOW_PRIVATE",
    group: "Webhooks",
    doc: "Whether webhooks may be in the server's own network, and speak plain http there.",
    kind: onOff,
    byDefault: false,
    defaultText: "`off`",
  }),
};
