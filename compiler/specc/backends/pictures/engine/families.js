/**
 * The colours of the families of layers, on light pages and on dark ones. They differ in lightness by ten or more, so that
 * a grey print and a colour-blind reader tell them apart. `ink` and `soft` are of the text on them.
 *
 * What is between the braces is JSON: DOT and Mermaid texts, which Python writes, have the same colours.
 */
export const FAMILIES = {
  "other": { "fill": "#f9f9f7", "line": "#85857e", "ink": "#0f172a", "soft": "#334155" },
  "norm": { "fill": "#c9ecd5", "line": "#3d8b5f", "ink": "#0f172a", "soft": "#334155" },
  "dense": { "fill": "#f7cf86", "line": "#a8690f", "ink": "#0f172a", "soft": "#334155" },
  "pool": { "fill": "#a9bfd8", "line": "#5b7696", "ink": "#0f172a", "soft": "#334155" },
  "sequence": { "fill": "#e38aa5", "line": "#a53d62", "ink": "#0f172a", "soft": "#334155" },
  "conv": { "fill": "#2f6fb5", "line": "#1f4f86", "ink": "#ffffff", "soft": "#e2e8f0" },
  "merge": { "fill": "#6b3fa0", "line": "#4a2775", "ink": "#ffffff", "soft": "#e2e8f0" },
  "input": { "fill": "#14532d", "line": "#14532d", "ink": "#ffffff", "soft": "#e2e8f0" },
  "output": { "fill": "#312e81", "line": "#312e81", "ink": "#ffffff", "soft": "#e2e8f0" },
  "block": { "fill": "#ffffff", "line": "#334155", "ink": "#0f172a", "soft": "#334155" }
};
