namespace Larder.Tests.Origins.Http;

/// <summary>Index pages as real servers sent them, all of one directory.</summary>
internal static class RecordedPages
{
    /// <summary>nginx 1.22.1, <c>autoindex on</c>.</summary>
    public const string Nginx = """
        <html>
        <head><title>Index of /m/</title></head>
        <body>
        <h1>Index of /m/</h1><hr><pre><a href="../">../</a>
        <a href="sub/">sub/</a>                                               21-Nov-2026 15:05                   -
        <a href="a%26b%3Bc.bin">a&amp;b;c.bin</a>                                          21-Nov-2026 15:05                   0
        <a href="a%3Ab.bin">a:b.bin</a>                                            21-Nov-2026 15:05                   0
        <a href="hash%23%3F.bin">hash#?.bin</a>                                         21-Nov-2026 15:05                   0
        <a href="percent%2520.bin">percent%20.bin</a>                                     21-Nov-2026 15:05                   0
        <a href="q%27%22%3C%3E.bin">q'&quot;&lt;&gt;.bin</a>                                          21-Nov-2026 15:05                   0
        <a href="with%20space.bin">with space.bin</a>                                     21-Nov-2026 15:05                   0
        <a href="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin">xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..&gt;</a> 21-Nov-2026 15:05                   0
        <a href="%C3%9Cberma%C3%9F-%C3%A9.bin">Übermaß-é.bin</a>                                      21-Nov-2026 15:05                   0
        </pre><hr></body>
        </html>

        """;

    /// <summary>nginx 1.22.1, <c>autoindex_format json</c>.</summary>
    public const string NginxJson = """
        [
        { "name":"sub", "type":"directory", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT" },
        { "name":"a&b;c.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"a:b.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"hash#?.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"percent%20.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"q'\"<>.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"with space.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 },
        { "name":"Übermaß-é.bin", "type":"file", "mtime":"Sat, 21 Nov 2026 15:05:36 GMT", "size":0 }
        ]
        """;

    /// <summary>Apache 2.4.71, <c>IndexOptions None</c>.</summary>
    public const string ApacheSimple = """
        <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
        <html>
         <head>
          <title>Index of /m</title>
         </head>
         <body>
        <h1>Index of /m</h1>
        <ul><li><a href="/"> Parent Directory</a></li>
        <li><a href="a&amp;b;c.bin"> a&amp;b;c.bin</a></li>
        <li><a href="./a:b.bin"> a:b.bin</a></li>
        <li><a href="hash%23%3f.bin"> hash#?.bin</a></li>
        <li><a href="percent%2520.bin"> percent%20.bin</a></li>
        <li><a href="q'%22%3c%3e.bin"> q'&quot;&lt;&gt;.bin</a></li>
        <li><a href="sub/"> sub/</a></li>
        <li><a href="with%20space.bin"> with space.bin</a></li>
        <li><a href="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin"> xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin</a></li>
        <li><a href="%c3%9cberma%c3%9f-%c3%a9.bin"> Übermaß-é.bin</a></li>
        </ul>
        </body></html>

        """;

    /// <summary>Apache 2.4.71, <c>IndexOptions FancyIndexing</c>.</summary>
    public const string ApacheFancy = """
        <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
        <html>
         <head>
          <title>Index of /m</title>
         </head>
         <body>
        <h1>Index of /m</h1>
        <pre>      <a href="?C=N;O=D">Name</a>                    <a href="?C=M;O=A">Last modified</a>      <a href="?C=S;O=A">Size</a>  <a href="?C=D;O=A">Description</a><hr>      <a href="/">Parent Directory</a>                             -   
              <a href="a&amp;b;c.bin">a&amp;b;c.bin</a>               2026-11-21 15:05    0   
              <a href="./a:b.bin">a:b.bin</a>                 2026-11-21 15:05    0   
              <a href="hash%23%3f.bin">hash#?.bin</a>              2026-11-21 15:05    0   
              <a href="percent%2520.bin">percent%20.bin</a>          2026-11-21 15:05    0   
              <a href="q'%22%3c%3e.bin">q'&quot;&lt;&gt;.bin</a>               2026-11-21 15:05    0   
              <a href="sub/">sub/</a>                    2026-11-21 15:05    -   
              <a href="with%20space.bin">with space.bin</a>          2026-11-21 15:05    0   
              <a href="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin">xxxxxxxxxxxxxxxxxxxx..&gt;</a> 2026-11-21 15:05    0   
              <a href="%c3%9cberma%c3%9f-%c3%a9.bin">Übermaß-é.bin</a>        2026-11-21 15:05    0   
        <hr></pre>
        </body></html>

        """;

    /// <summary>Apache 2.4.71, <c>IndexOptions FancyIndexing HTMLTable XHTML IconsAreLinks</c>.</summary>
    public const string ApacheTable = """
        <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
        "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml">
         <head>
          <title>Index of /m</title>
         </head>
         <body>
        <h1>Index of /m</h1>
          <table>
           <tr><th valign="top">&nbsp;</th><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th><a href="?C=S;O=A">Size</a></th><th><a href="?C=D;O=A">Description</a></th></tr>
           <tr><th colspan="5"><hr /></th></tr>
        <tr><td valign="top"><a href="/">&nbsp;</a></td><td><a href="/">Parent Directory</a></td><td>&nbsp;</td><td align="right">  - </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="%c3%9cberma%c3%9f-%c3%a9.bin">&nbsp;</a></td><td><a href="%c3%9cberma%c3%9f-%c3%a9.bin">Übermaß-é.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="a&amp;b;c.bin">&nbsp;</a></td><td><a href="a&amp;b;c.bin">a&amp;b;c.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="./a:b.bin">&nbsp;</a></td><td><a href="./a:b.bin">a:b.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="hash%23%3f.bin">&nbsp;</a></td><td><a href="hash%23%3f.bin">hash#?.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="percent%2520.bin">&nbsp;</a></td><td><a href="percent%2520.bin">percent%20.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="q'%22%3c%3e.bin">&nbsp;</a></td><td><a href="q'%22%3c%3e.bin">q'&quot;&lt;&gt;.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="sub/">&nbsp;</a></td><td><a href="sub/">sub/</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  - </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="with%20space.bin">&nbsp;</a></td><td><a href="with%20space.bin">with space.bin</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
        <tr><td valign="top"><a href="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin">&nbsp;</a></td><td><a href="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.bin">xxxxxxxxxxxxxxxxxxxx..&gt;</a></td><td align="right">2026-11-21 15:05  </td><td align="right">  0 </td><td>&nbsp;</td></tr>
           <tr><th colspan="5"><hr /></th></tr>
        </table>
        </body></html>

        """;
}
