/** Outlines on a 24 × 24 grid, drawn with one stroke width; `fill` marks the few that are solid. */
const outlines = {
  video:
    "M4.5 7h8A2.5 2.5 0 0 1 15 9.5v5a2.5 2.5 0 0 1-2.5 2.5h-8A2.5 2.5 0 0 1 2 14.5v-5A2.5 2.5 0 0 1 4.5 7zM15 11l7-4v10l-7-4",
  videoOff:
    "M11 7h1.5A2.5 2.5 0 0 1 15 9.5V11l7-4v10l-4-2.3M14.6 15.9A2.5 2.5 0 0 1 12.5 17h-8A2.5 2.5 0 0 1 2 14.5v-5A2.5 2.5 0 0 1 4.5 7H6M3 3l18 18",
  phone:
    "M5.6 3.5h2.7a1 1 0 0 1 .95.69l1.1 3.3a1 1 0 0 1-.3 1.06L8.3 10.1a12.5 12.5 0 0 0 5.6 5.6l1.55-1.75a1 1 0 0 1 1.06-.3l3.3 1.1a1 1 0 0 1 .69.95v2.7a2 2 0 0 1-2.15 2A16.5 16.5 0 0 1 3.6 5.65a2 2 0 0 1 2-2.15z",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21",
  micOff:
    "M9 5.6A3 3 0 0 1 15 6v4.5M14.4 12.8A3 3 0 0 1 9 11V9M5.5 11a6.5 6.5 0 0 0 11.3 4.3M18.5 11a6.5 6.5 0 0 1-.4 2.2M12 17.5V21M3 3l18 18",
  screen:
    "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5zM8.5 20h7M12 13.5v-6M9.3 10 12 7.3l2.7 2.7",
  screenOff:
    "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5zM8.5 20h7M9.7 8.2l4.6 4.6M14.3 8.2l-4.6 4.6",
  computer:
    "M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5zM8.5 20h7",
  mobile:
    "M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5zM11 18h2",
  sliders:
    "M4 7h9M17.5 7H20M4 17h2.5M11 17h9M15.25 4.75a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5zM8.75 14.75a2.25 2.25 0 1 1 0 4.5 2.25 2.25 0 0 1 0-4.5z",
  chat: "M5 4.5h14A2.5 2.5 0 0 1 21.5 7v7.5A2.5 2.5 0 0 1 19 17h-7l-4.6 3.6a.5.5 0 0 1-.8-.4V17H5a2.5 2.5 0 0 1-2.5-2.5V7A2.5 2.5 0 0 1 5 4.5zM7.5 9h9M7.5 12.5h5.5",
  close: "M6 6l12 12M18 6 6 18",
  back: "M14.5 5.5 8 12l6.5 6.5",
  forward: "M9.5 5.5 16 12l-6.5 6.5",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5 10 17.5 19.5 7",
  incoming: "M18 6 6.5 17.5M6.5 9v8.5H15",
  outgoing: "M6 18 17.5 6.5M9 6.5h8.5V15",
  missed: "M3 7.5 10.5 15 20 5.5M20 12V5.5h-6.5",
  send: "M4.5 12H11M4.2 4.7l16 6.8a.55.55 0 0 1 0 1l-16 6.8a.5.5 0 0 1-.68-.62L6 12 3.52 5.32a.5.5 0 0 1 .68-.62z",
  alert: "M12 8v5M12 16.3v.2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  info: "M12 11v5.5M12 7.7v.2M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17z",
  copy: "M9 8.5h9.5V20H9zM5.5 15.5V4H15",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
  signOut: "M10 4.5H6.5A1.5 1.5 0 0 0 5 6v12a1.5 1.5 0 0 0 1.5 1.5H10M15 8l4 4-4 4M19 12H9.5",
  newTab: "M13 4.5h6.5V11M19 5l-8 8M10 5.5H6A1.5 1.5 0 0 0 4.5 7v11A1.5 1.5 0 0 0 6 19.5h11a1.5 1.5 0 0 0 1.5-1.5v-4",
  trash:
    "M4.5 6.5h15M9.5 6V4.5h5V6M6.5 6.5l.8 12a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-12M10 10.5v5.5M14 10.5v5.5",
  down: "M6 9.5 12 15.5 18 9.5",
  more: "M12 5.4v.2M12 11.9v.2M12 18.4v.2",
  star: "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z",
  block: "M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM6 6l12 12",
  edit: "M4.5 19.5l.8-3.9L15.8 5.1a1.6 1.6 0 0 1 2.3 0l.8.8a1.6 1.6 0 0 1 0 2.3L8.4 18.7z",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3 20 20",
  flip: "M4 12a8 8 0 0 1 13.8-5.5L20 8.5M20 4v4.5h-4.5M20 12a8 8 0 0 1-13.8 5.5L4 15.5M4 20v-4.5h4.5",
  fit: "M4 8V5.5A1.5 1.5 0 0 1 5.5 4H20v14.5a1.5 1.5 0 0 1-1.5 1.5H16M4 12h8.5a1.5 1.5 0 0 1 1.5 1.5V20H5.5A1.5 1.5 0 0 1 4 18.5z",
  expand: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  shrink: "M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5",
  pip: "M4 5h16a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 20 19H4a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 4 5zM12 12h6.5v4H12z",
} as const;

export type IconName = keyof typeof outlines;

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  readonly class?: string;
}

/** An icon is decoration: what it means is said by the control's label. */
export function Icon({ name, size = 22, class: className }: IconProps) {
  return (
    <svg
      class={className}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={outlines[name]} />
    </svg>
  );
}
