/**
 * The colours of a picture on a light page. Those of families differ in lightness by ten or more, so that a grey print and a
 * colour-blind reader tell them apart; `ink` and `soft` are of the text on them, with a contrast of 4.5 or more.
 *
 * What is between the braces is JSON: DOT and Mermaid texts, which Python writes, have the same colours.
 *
 * @type {import("./theme.js").Theme}
 */
export const LIGHT = {
  "page": "#ffffff",
  "ink": "#0f172a",
  "soft": "#475569",
  "line": "#55657a",
  "frames": ["#f5f7fa", "#e9eef4"],
  "border": "#8c9bb0",
  "families": {
    "other": { "fill": "#fafaf8", "line": "#85857e", "ink": "#0f172a", "soft": "#334155" },
    "norm": { "fill": "#bee6cb", "line": "#3d8b5f", "ink": "#0f172a", "soft": "#2c3a4f" },
    "dense": { "fill": "#f1b556", "line": "#a8690f", "ink": "#0f172a", "soft": "#2f3b4e" },
    "pool": { "fill": "#8da5c8", "line": "#556d8b", "ink": "#0f172a", "soft": "#1f2c42" },
    "conv": { "fill": "#2c70b8", "line": "#1b4a82", "ink": "#ffffff", "soft": "#eef4fb" },
    "sequence": { "fill": "#992757", "line": "#6d143a", "ink": "#ffffff", "soft": "#f7e3eb" },
    "merge": { "fill": "#482981", "line": "#331a61", "ink": "#ffffff", "soft": "#e9e0f6" },
    "input": { "fill": "#0d2b1f", "line": "#0d2b1f", "ink": "#ffffff", "soft": "#dbe7e1" },
    "output": { "fill": "#0b0e23", "line": "#0b0e23", "ink": "#ffffff", "soft": "#dfe3ee" },
    "constant": { "fill": "#ffffff", "line": "#7f8b9a", "ink": "#475569", "soft": "#475569" },
    "block": { "fill": "#ffffff", "line": "#334155", "ink": "#0f172a", "soft": "#334155" }
  },
  "marks": { "added": "#15803d", "removed": "#b91c1c", "changed": "#b45309", "error": "#b91c1c", "unknown": "#64748b" }
};
