/* SPDX-License-Identifier: ISC */

/*
 * How the HTML digest looks: quiet, in the reader's own light or dark, on a
 * narrow screen and on paper.  The policy of the page names this very text by
 * its hash, so that no other style, and no script at all, can act.
 */

#include "config.h"

#include "base/sha256.h"
#include "output/encode.h"
#include "output/html.h"

/* Within the page it is text of XML, too: no "<" and no "&". */
static const char style[] =
    ":root{color-scheme:light dark;--page:#f5f6f7;--card:#fff;--ink:#1c2329;"
    "--soft:#56616b;--line:#dde2e6;--quiet:#eef1f3;--bad:#a8201a;"
    "--badbg:#fdeeec;--warn:#7a4b00;--warnbg:#fdf4e1;--good:#1b6640;"
    "--goodbg:#e9f5ee;--bar:#6f9dc0;--fail:#c8433b}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#12171b;--card:#1a2126;"
    "--ink:#e3e8ec;--soft:#a2adb6;--line:#313b43;--quiet:#232c32;"
    "--bad:#ff9d93;--badbg:#3a1f1e;--warn:#f2c366;--warnbg:#352a14;"
    "--good:#84d6a5;--goodbg:#182f23;--bar:#5a8db3;--fail:#e8695f}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:60rem;"
    "background:var(--page);color:var(--ink);overflow-wrap:anywhere;"
    "font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',"
    "sans-serif}\n"
    "h1,h2,h3,h4,h5{line-height:1.25;margin:0 0 .5rem}\n"
    "h1{font-size:1.7rem}h2{font-size:1.25rem}h3{font-size:1.1rem}"
    "h4,h5{font-size:1rem}\n"
    "p{margin:.3rem 0}a{color:inherit}\n"
    ".soft,caption,figcaption,summary,dt,th{color:var(--soft)}\n"
    ".soft,.tile,caption,figcaption,summary{font-size:.9rem}\n"
    "time,.n,.word,.state{white-space:nowrap}\n"
    ".say::first-letter{text-transform:uppercase}header p{margin:0}\n"
    "section,article,footer{margin-top:1.5rem}\n"
    ".card,.trouble{background:var(--card);border:1px solid var(--line);"
    "border-radius:.6rem;padding:1rem 1.1rem}\n"
    ".trouble{border-left:.3rem solid var(--line);margin-top:1rem}\n"
    ".trouble.bad{border-left-color:var(--bad)}"
    ".trouble.warn{border-left-color:var(--warn)}\n"
    ".word,.state{display:inline-block;font-weight:600;font-size:.85rem;"
    "border-radius:.3rem;padding:0 .45rem;background:var(--quiet);"
    "color:var(--soft)}\n"
    ".bad>.word,.bad>.state{background:var(--badbg);"
    "color:var(--bad)}\n"
    ".warn>.word,.warn>.state{background:var(--warnbg);"
    "color:var(--warn)}\n"
    ".good>.word,.good>.state{background:var(--goodbg);"
    "color:var(--good)}\n"
    "ul{margin:.3rem 0;padding-left:1.2rem}\n"
    ".plain{list-style:none;padding:0}"
    ".plain>li{padding:.45rem 0;border-top:1px solid var(--line)}"
    ".plain>li:first-child{border-top:0}\n"
    ".tiles{display:grid;gap:.8rem;list-style:none;padding:0;"
    "grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));"
    "margin-top:1rem}\n"
    ".tile{background:var(--card);border:1px solid var(--line);"
    "border-radius:.6rem;padding:.7rem .9rem;color:var(--soft)}"
    ".tile b{display:block;font-size:1.5rem;line-height:1.3;"
    "color:var(--ink)}.tile.bad b{color:var(--bad)}\n"
    "figure{margin:0}"
    "svg{display:block;width:100%;height:7rem;background:var(--quiet);"
    "border-radius:.3rem}svg.low{height:4rem;margin-top:.3rem}"
    ".s{fill:var(--bar)}.f{fill:var(--fail)}\n"
    ".axis{display:flex;justify-content:space-between;gap:1rem}"
    ".axis:first-of-type{margin-top:.3rem}\n"
    "table{border-collapse:collapse;width:100%;font-size:.95rem}"
    "caption{text-align:left;padding-bottom:.3rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;"
    "border-top:1px solid var(--line)}"
    "thead th{border-top:0;font-weight:600;font-size:.85rem}"
    "tbody th{font-weight:400;color:var(--ink)}"
    "th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "th:last-child,td:last-child{padding-right:0}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;"
    "gap:.15rem 1rem;margin:.5rem 0}dd{margin:0}\n"
    "code,pre{font:.875rem/1.5 ui-monospace,'DejaVu Sans Mono',Menlo,"
    "Consolas,monospace}"
    "pre{white-space:pre-wrap;margin:.4rem 0;padding:.5rem .7rem;"
    "background:var(--quiet);border-radius:.3rem}\n"
    "summary{cursor:pointer;padding:.3rem 0}\n"
    ".incident{border-top:1px solid var(--line);padding-top:.7rem;"
    "margin-top:.8rem}\n"
    "footer{color:var(--soft);font-size:.85rem;"
    "border-top:1px solid var(--line);padding-top:.8rem}\n"
    "@media(max-width:34rem){body{padding:1rem .7rem 2rem}"
    "h1{font-size:1.4rem}table{font-size:.85rem}.card,.trouble{padding:.8rem "
    ".8rem}"
    "td .soft,th .soft{font-size:.8rem}th,td{padding-right:.3rem}thead "
    "th{font-size:.7rem}.wide{display:none}"
    "dl{grid-template-columns:1fr;gap:0}dt{margin-top:.4rem}}\n"
    "@media print{:root{color-scheme:light;--page:#fff;--card:#fff;"
    "--ink:#000;--soft:#444;--line:#bbb;--quiet:#f2f2f2;--bad:#a8201a;"
    "--badbg:#fff;--warn:#7a4b00;--warnbg:#fff;--good:#1b6640;"
    "--goodbg:#fff;--bar:#6f9dc0;--fail:#c8433b}"
    "html{font-size:10pt}body{max-width:none;padding:0}"
    "svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "details::details-content{display:block;content-visibility:visible}"
    "summary{list-style:none}"
    ".tiles,.incident,.axis,tr,svg,h2,h3,h4{break-inside:avoid}"
    "h1,h2,h3,h4{break-after:avoid}thead{display:table-header-group}}\n"
    "@page{margin:18mm 15mm}\n";

void
html_style(FILE *out)
{
	fwrite(style, 1, sizeof(style) - 1, out);
}

void
html_style_source(FILE *out)
{
	unsigned char hash[SHA256_LEN];

	sha256(style, sizeof(style) - 1, hash);
	fputs("'sha256-", out);
	encode_base64_plain(out, hash, sizeof(hash));
	putc('\'', out);
}
