/** The style of every evidence page: on a screen, light or dark, and on A4 paper. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ink: #16181d;
  --soft: #555b66;
  --line: #c9ced8;
  --paper: #fff;
  --band: #f3f5f8;
  --link: #0b4f9e;
  --warn: #8a2b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #eceef2;
    --soft: #aab1be;
    --line: #434954;
    --paper: #16181d;
    --band: #20242c;
    --link: #8fc0ff;
    --warn: #ffb38a;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0 auto;
  max-width: 70rem;
  padding: 1.5rem 1rem 3rem;
  font:
    1rem / 1.55 system-ui,
    sans-serif;
  color: var(--ink);
  background: var(--paper);
}
h1 {
  font-size: 1.6rem;
  line-height: 1.25;
  margin: 0.2rem 0 0.6rem;
  overflow-wrap: anywhere;
}
h2 {
  font-size: 1.2rem;
  margin: 2.2rem 0 0.5rem;
  padding-top: 0.8rem;
  border-top: 1px solid var(--line);
}
h3 {
  font-size: 0.95rem;
  margin: 1.6rem 0 0;
}
h3 + table {
  margin-top: 0;
}
p {
  max-width: 46rem;
}
a {
  color: var(--link);
}
.soft {
  color: var(--soft);
}
.warn {
  color: var(--warn);
  font-weight: 600;
}
.kind {
  text-transform: uppercase;
  font-weight: 600;
}
.drill {
  display: inline-block;
  border: 2px solid var(--warn);
  color: var(--warn);
  padding: 0 0.5rem;
  font-weight: 700;
}
dl {
  display: grid;
  grid-template-columns: max-content 1fr;
  gap: 0.25rem 1rem;
  margin: 1rem 0;
}
dt {
  color: var(--soft);
}
dd {
  margin: 0;
  overflow-wrap: anywhere;
}
table {
  width: 100%;
  border-collapse: collapse;
  margin: 1rem 0 1.6rem;
  font-size: 0.92rem;
  table-layout: fixed;
}
caption {
  text-align: left;
  font-weight: 600;
  padding: 0.3rem 0;
}
th,
td {
  text-align: left;
  vertical-align: top;
  padding: 0.4rem 0.6rem 0.4rem 0;
  border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere;
}
thead th {
  color: var(--soft);
  font-weight: 600;
}
tbody th {
  font-weight: 500;
}
.num {
  width: 6.5rem;
  text-align: right;
  padding-right: 1rem;
  font-variant-numeric: tabular-nums;
}
.hash {
  width: 38%;
}
code,
pre {
  font:
    0.86em / 1.5 ui-monospace,
    SFMono-Regular,
    Menlo,
    monospace;
  overflow-wrap: anywhere;
}
pre {
  background: var(--band);
  padding: 0.8rem 1rem;
  white-space: pre-wrap;
}
.skip {
  position: absolute;
  left: -99rem;
}
.skip:focus {
  left: 1rem;
  top: 0.5rem;
  background: var(--paper);
  padding: 0.4rem;
}
time {
  white-space: nowrap;
}
nav ul {
  list-style: none;
  padding: 0;
  display: flex;
  flex-wrap: wrap;
  gap: 0.2rem 1.2rem;
}
@media (max-width: 36rem) {
  dl {
    grid-template-columns: 1fr;
    gap: 0;
  }
  dd {
    margin-bottom: 0.6rem;
  }
  table {
    font-size: 0.85rem;
  }
  .num {
    width: 4.6rem;
    padding-right: 0.5rem;
  }
  .hash {
    width: 34%;
  }
  time {
    white-space: normal;
  }
}
@page {
  size: A4;
  margin: 15mm;
}
@media print {
  :root {
    --ink: #000;
    --soft: #333;
    --line: #999;
    --paper: #fff;
    --band: #f3f3f3;
    --link: #000;
    --warn: #000;
  }
  html {
    font-size: 9.5pt;
  }
  body {
    padding: 0;
    max-width: none;
  }
  p {
    max-width: none;
  }
  nav,
  .skip {
    display: none;
  }
  thead {
    display: table-header-group;
  }
  tr,
  pre {
    break-inside: avoid;
  }
  h2,
  h3,
  caption {
    break-after: avoid;
  }
}
`;
