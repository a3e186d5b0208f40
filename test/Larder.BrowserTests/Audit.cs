using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>Looks at a page as auditors of accessibility do: contrast of every text, names of all that can be used, structure.</summary>
internal static class Audit
{
    // WCAG 2.2, level AA: 4.5 to 1, and 3 to 1 for large text. The arithmetic is its definition of relative luminance.
    private const string Script = """
        () => {
          const faults = [];
          const channel = value => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
          const parse = text => { const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number); return { r, g, b, a }; };
          const luminance = c => 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b);
          const ground = element => {
            for (let at = element; at; at = at.parentElement) {
              const color = parse(getComputedStyle(at).backgroundColor);
              if (color.a === 1) return color;
              if (color.a > 0) throw new Error('half transparent ground: measure it by eye');
            }
            return matchMedia('(prefers-color-scheme: dark)').matches ? { r: 18, g: 18, b: 18 } : { r: 255, g: 255, b: 255 };
          };
          const isSeen = element => element.checkVisibility() && !element.closest('.unseen, .skip, title, desc, noscript');
          let texts = 0;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.nodeValue.trim() || !isSeen(element)) continue;
            texts++;
            const style = getComputedStyle(element);
            const [light, dark] = [luminance(parse(style.color)), luminance(ground(element))].sort((a, b) => b - a);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            const ratio = (light + 0.05) / (dark + 0.05);
            if (ratio < (isLarge ? 3 : 4.5))
              faults.push(`contrast ${ratio.toFixed(2)}: ${walker.currentNode.nodeValue.trim().slice(0, 40)}`);
            if (size < 12) faults.push(`text of ${size} px: ${walker.currentNode.nodeValue.trim().slice(0, 40)}`);
          }
          if (texts < 20) faults.push(`only ${texts} texts were looked at`);

          const nameOf = element => (element.getAttribute('aria-label')
            || (element.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.textContent).join(' ').trim()
            || [...(element.labels || [])].map(label => label.textContent).join(' ')
            || element.textContent).trim();
          for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), progress, svg[role=img], nav, form[role=search], section'))
            if (!nameOf(element)) faults.push(`no name: ${element.outerHTML.slice(0, 80)}`);
          for (const svg of document.querySelectorAll('svg'))
            if (svg.getAttribute('aria-hidden') !== 'true' && !svg.querySelector(':scope > title')) faults.push('picture without title');
          const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
          for (const id of new Set(ids)) if (ids.filter(other => other === id).length > 1) faults.push(`id twice: ${id}`);
          if (document.documentElement.lang !== 'en') faults.push('no language');
          for (const landmark of ['header', 'main']) if (document.querySelectorAll(landmark).length !== 1) faults.push(`not one ${landmark}`);
          let last = 0;
          for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
            const level = Number(heading.tagName[1]);
            if (level > last + 1) faults.push(`heading ${level} after ${last}: ${heading.textContent}`);
            last = level;
          }
          if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
          for (const cell of document.querySelectorAll('thead th')) if (!cell.scope) faults.push('heading of a column without scope');
          if (document.querySelector('[style], style, script:not([src])')) faults.push('something inline');
          const names = new Map();
          for (const button of document.querySelectorAll('main button, main a.button')) {
            const name = nameOf(button);
            names.set(name, (names.get(name) || 0) + 1);
          }
          return faults;
        }
        """;

    /// <summary>What is wrong with a page; empty for nothing.</summary>
    public static Task<string[]> RunAsync(IPage page) => page.EvaluateAsync<string[]>(Script);
}
