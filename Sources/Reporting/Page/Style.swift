/// The page's look: one sheet, light and dark by the reader's setting, nothing from the network.
enum Style {
  static let sheet = """
    :root{color-scheme:light dark;--back:#fff;--card:#f7f7f5;--text:#1c1d1f;--soft:#5d6066;--line:#dcdcd8;
    --c0:#2f6db5;--c1:#c4622d;--c2:#2c8a57;--c3:#8a4fa3;--c4:#a08516;--c5:#13868c;--c6:#b23a6b;--c7:#7a7d84}
    @media(prefers-color-scheme:dark){:root{--back:#16171a;--card:#1f2125;--text:#e8e8e6;--soft:#9da1a8;--line:#34373d;
    --c0:#6fa8ea;--c1:#f09a63;--c2:#63c48e;--c3:#c690dd;--c4:#d9bd4a;--c5:#52c5cb;--c6:#ee82ae;--c7:#a5a8ae}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1180px;padding:2.5rem 1.25rem 4rem;background:var(--back);color:var(--text);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.6rem 0 .8rem}
    h3{font-size:1rem;margin:0}p{max-width:72ch}.soft{color:var(--soft)}
    .facts{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:1.2rem 0;padding:0;list-style:none}
    .facts b{display:block;font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums}
    .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem}
    th,td{padding:.35rem .7rem;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
    th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid var(--line);font-weight:600}
    td small{color:var(--soft)}tr.real td{color:var(--soft);font-style:italic}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(330px,1fr));gap:1.1rem}
    figure{margin:0;padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:10px}
    figcaption{margin-bottom:.5rem}figcaption p{margin:.15rem 0 0;font-size:.82rem;color:var(--soft)}
    .chart{display:block;width:100%;height:auto}.grid{stroke:var(--line)}.tick{fill:var(--soft);font-size:11px}
    .reference{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:5 4}
    .curve{fill:none;stroke-width:2.2;stroke-linejoin:round}.band{stroke:none;opacity:.16}
    .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:0 0 1rem;font-size:.9rem}
    .legend i{display:inline-block;width:1.1em;height:.28em;margin-right:.45em;vertical-align:middle;border-radius:2px}
    .legend i.dashed{height:0;border-top:2px dashed var(--soft)}
    .s0{stroke:var(--c0);fill:var(--c0);background:var(--c0)}.s1{stroke:var(--c1);fill:var(--c1);background:var(--c1)}
    .s2{stroke:var(--c2);fill:var(--c2);background:var(--c2)}.s3{stroke:var(--c3);fill:var(--c3);background:var(--c3)}
    .s4{stroke:var(--c4);fill:var(--c4);background:var(--c4)}.s5{stroke:var(--c5);fill:var(--c5);background:var(--c5)}.s6{stroke:var(--c6);fill:var(--c6);background:var(--c6)}
    .s7{stroke:var(--c7);fill:var(--c7);background:var(--c7)}svg .curve{fill:none}svg .band{stroke:none}
    .interval{stroke-width:3;stroke-linecap:round;opacity:.55}.dot.thin{fill-opacity:.55;stroke:none}.strong{fill:var(--text)}
    .dot.real{fill:var(--soft)}.lineage{width:100%}
    .verdict{font-size:1.1rem;max-width:90ch;border-left:4px solid var(--c0);padding:.2rem 0 .2rem .9rem}
    .notice{border:1px solid var(--c1);border-radius:8px;padding:.4rem .8rem;display:inline-block}
    .gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(170px,1fr));gap:.9rem;margin-bottom:1.6rem}
    .gallery figure{padding:.6rem}.gallery figcaption{margin:.4rem 0 0;font-size:.86rem}section>h3{margin:1.6rem 0 .2rem}
    .names{white-space:normal;text-align:left;overflow-wrap:anywhere}section section{margin-top:1.4rem}
    .play-all{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:8px;padding:.35rem .9rem;
    cursor:pointer}
    pre{padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:10px;overflow-x:auto;
    font-size:.85rem}body.viewer h1{font-size:1.2rem}body.viewer{padding-top:1rem;max-width:1600px}dt{font-weight:600;margin-top:.6rem}dd{margin:0;color:var(--soft);max-width:80ch}
    @page{size:A4 landscape;margin:12mm}
    @media print{:root{color-scheme:light;--back:#fff;--card:#fff;--text:#000;--soft:#444;--line:#ccc;--c0:#2f6db5;
    --c1:#c4622d;--c2:#2c8a57;--c3:#8a4fa3;--c4:#a08516;--c5:#13868c;--c6:#b23a6b;--c7:#7a7d84}
    body{max-width:none;padding:0;font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    figure,tr,svg,dt,.gallery>*{break-inside:avoid}figure{box-shadow:none;margin-right:1px}h2,h3,dt{break-after:avoid}.scroll{overflow:visible}.play-all{display:none}
    table{font-size:11px;width:100%}th,td{padding:.2rem .35rem}th,td.words{white-space:normal}thead{display:table-header-group}
    table.wide{font-size:9.5px}table.wide th,table.wide td{padding:.15rem .25rem}
    section>.soft,.legend{break-after:avoid}section>.soft{max-width:none}.charts{grid-template-columns:repeat(4,1fr);gap:.5rem}figure{padding:.5rem}.sf-player[data-size=small] .sf-view{height:120px}
    .gallery{grid-template-columns:repeat(6,1fr)}pre{white-space:pre-wrap}}
    """
}
