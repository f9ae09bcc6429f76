/** The mark of Echoo, for the tab and the heading of the pages. */
export const docsIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#2356c7"/>
  <g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">
    <path d="M15 10.2a8.2 8.2 0 0 1 0 11.6"/>
    <path d="M19.6 6.6a13.3 13.3 0 0 1 0 18.8" opacity=".62"/>
  </g>
  <circle cx="10" cy="16" r="3.2" fill="#fff"/>
</svg>
`;
