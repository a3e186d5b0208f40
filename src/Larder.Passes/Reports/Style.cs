namespace Larder.Passes.Reports;

/// <summary>How a report looks: in the colours that the reader's system has chosen, on any width.</summary>
internal static class Style
{
    // No '<', '>' or '&' in it: a reader of HTML takes what stands in a style element as it is, one of XML does not.
    public const string Sheet = """

        :root { color-scheme: light dark; --ground: #fff; --panel: #f5f6f7; --text: #1c2024; --muted: #60666d; --rule: #dcdfe3;
          --spent: #b45309; --saved: #15803d; --saved-soft: #a7d8b8; --size: #4f6d9a; --warn: #9a3412; --warn-ground: #fff4e6; }
        @media (prefers-color-scheme: dark) { :root { --ground: #15181b; --panel: #1e2226; --text: #e6e8ea; --muted: #9aa1a9;
          --rule: #33393f; --spent: #f59e0b; --saved: #4ade80; --saved-soft: #235c3a; --size: #7d9dcc; --warn: #fdba74;
          --warn-ground: #33241a; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 64rem; background: var(--ground); color: var(--text);
          font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
        p { margin: .25rem 0; }
        .muted { color: var(--muted); font-size: .875rem; font-weight: 400; }
        .long { overflow-wrap: anywhere; }
        code { font: .875em ui-monospace, monospace; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0; padding: 0;
          list-style: none; }
        .tiles li { background: var(--panel); border-radius: .5rem; padding: .75rem .9rem; }
        .tiles strong { display: block; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .warnings { background: var(--warn-ground); border-left: 4px solid var(--warn); border-radius: .25rem; margin: 1rem 0; padding: .6rem 1rem; }
        .warnings ul { margin: .25rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
        .key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; }
        .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: .15rem; margin-right: .4rem; vertical-align: -.05rem; }
        .key .size { background: var(--size); } .key .spent { background: var(--spent); }
        .key .saved { background: var(--saved-soft); border: 1.5px solid var(--saved); }
        svg { display: block; width: 100%; height: auto; }
        svg.narrow { display: none; }
        svg text { font-family: system-ui, sans-serif; fill: var(--text); }
        .name { font-size: 14px; font-weight: 600; } .note, .head, .value { font-size: 12.5px; }
        svg .note, svg .head { fill: var(--muted); }
        .chain { stroke: var(--rule); stroke-width: 2; }
        .mark { stroke-width: 2; fill: var(--ground); stroke: var(--muted); }
        .mark.input { fill: var(--muted); } .mark.spent { fill: var(--spent); stroke: var(--spent); }
        .mark.saved { fill: var(--saved-soft); stroke: var(--saved); } .mark.none { stroke-dasharray: 3 2; }
        .bar.size { fill: var(--size); } .bar.spent { fill: var(--spent); }
        .bar.saved { fill: var(--saved-soft); stroke: var(--saved); stroke-width: 1; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        th { text-align: left; font-weight: 600; color: var(--muted); font-size: .8rem; }
        th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
        td { font-variant-numeric: tabular-nums; } .number { text-align: right; white-space: nowrap; }
        td.name { overflow-wrap: anywhere; font-size: inherit; }
        footer { margin-top: 3rem; color: var(--muted); font-size: .8rem; }
        @media (max-width: 46rem) {
          body { padding: 1rem .9rem 2rem; }
          svg.wide { display: none; } svg.narrow { display: block; max-width: 30rem; }
          .passes thead { display: none; }
          .passes tr { display: block; border-bottom: 1px solid var(--rule); padding: .6rem 0; }
          .passes td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .1rem 0; text-align: right; white-space: normal; }
          .passes td::before { content: attr(data-label); color: var(--muted); font-weight: 400; text-align: left; flex: none; }
          .passes td.name { display: block; text-align: left; padding-bottom: .2rem; } .passes td.name::before { content: none; }
        }
        @media print { body { max-width: none; } }

        """;
}
