import { render } from "preact";
import { App } from "./app.tsx";
import { applyLanguage } from "./i18n/say.ts";
import { Phone } from "./state/phone.ts";

applyLanguage(document.documentElement);
const root = document.getElementById("app");
if (root) render(<App phone={new Phone(location)} />, root);
