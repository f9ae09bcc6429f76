import { anyText, choice, hostNames, onOff } from "./kinds.ts";
import { contactUrl, fcmCredentials, pemKey } from "./push-kinds.ts";
import { setting } from "./setting.ts";

/** What calls are pushed by to devices on which no page is open. */
export const pushSettings = {
  pushHosts: setting({
    name: "ECHOO_PUSH_HOSTS",
    group: "Push",
    doc: "The hosts, and those below them, whose push services browsers may name, such as `fcm.googleapis.com`.",
    kind: hostNames,
    byDefault: [],
    defaultText: "any public one",
  }),
  pushAllowPrivate: setting({
    name: "ECHOO_PUSH_ALLOW_PRIVATE",
    group: "Push",
    doc: "Whether such a service may be in the server's own network, and speak plain http there.",
    kind: onOff,
    byDefault: false,
    defaultText: "`off`",
  }),
  vapidSubject: setting({
    name: "ECHOO_VAPID_SUBJECT",
    group: "Push",
    doc: "How the push services of browsers reach you, should you trouble them: `mailto:` or `https://`. Apple's refuses what is made up.",
    kind: contactUrl,
    byDefault: undefined,
    defaultText: "`ECHOO_PUBLIC_URL`",
  }),
  pushNames: setting({
    name: "ECHOO_PUSH_NAMES",
    group: "Push",
    doc:
      "Whose devices are told with the push who calls: `web` browsers alone, whose services cannot read it, `all`, or" +
      " `off` none. The others ask this server.",
    kind: choice("web", "all", "off"),
    byDefault: "web",
  }),
  fcmCredentials: setting({
    name: "ECHOO_FCM_CREDENTIALS",
    group: "Push",
    doc: "The service account of Firebase that pushes to Android apps: the path of its JSON file, or the JSON itself.",
    kind: fcmCredentials,
    byDefault: undefined,
    secret: true,
  }),
  apnsKey: setting({
    name: "ECHOO_APNS_KEY",
    group: "Push",
    doc: "Apple's key for pushing to iOS apps: the path of its `.p8` file, or what is in it.",
    kind: pemKey,
    byDefault: undefined,
    secret: true,
  }),
  apnsKeyId: setting({
    name: "ECHOO_APNS_KEY_ID",
    group: "Push",
    doc: "The id of that key.",
    kind: anyText,
    byDefault: undefined,
  }),
  apnsTeamId: setting({
    name: "ECHOO_APNS_TEAM_ID",
    group: "Push",
    doc: "The id of the team that it is of.",
    kind: anyText,
    byDefault: undefined,
  }),
  apnsTopic: setting({
    name: "ECHOO_APNS_TOPIC",
    group: "Push",
    doc: "The app's bundle id; rings go to it with `.voip` behind.",
    kind: anyText,
    byDefault: undefined,
  }),
  apnsSandbox: setting({
    name: "ECHOO_APNS_SANDBOX",
    group: "Push",
    doc: "`on` for apps that Xcode installed.",
    kind: onOff,
    byDefault: false,
    defaultText: "`off`",
  }),
};
