using Larder.Origins.Http;

namespace Larder.Tests.Origins.Http;

public sealed class HtmlPageTests
{
    [Theory]
    [InlineData("<a href=\"x\">", "x")]
    [InlineData("<a href='x'>", "x")]
    [InlineData("<a href=x>", "x")]
    [InlineData("<a href=x/y>", "x/y")]
    [InlineData("<A HREF = \"x\" >", "x")]
    [InlineData("<a\n\tclass=link\n\thref\n=\n\"x\"\n>", "x")]
    [InlineData("<a class=\"a > b\" href=\"x\">", "x")]
    [InlineData("<a title='href=\"y\"' href=\"x\">", "x")]
    [InlineData("<a data-href=\"y\" href=\"x\">", "x")]
    [InlineData("<a disabled href=\"x\"/>", "x")]
    [InlineData("<a =href=y href=x>", "x")]
    [InlineData("<a href=\"x\" href=\"y\">", "x")]
    [InlineData("<a href=\"\">", "")]
    [InlineData("<a href=\"a&amp;b&#38;c&#x26;d&quot;&lt;&gt;\">", "a&b&c&d\"<>")]
    [InlineData("<a href=\"a&amp;lt;\">", "a&lt;")]
    [InlineData("<a href=\" x\n\">", "x")]
    [InlineData("1 < 2 <a href=x>", "x")]
    [InlineData("<<a href=x>", "x")]
    [InlineData("<!-- <a href=y> --><a href=x>", "x")]
    [InlineData("<!----><a href=x>", "x")]
    [InlineData("<!DOCTYPE html><?xml version=\"1.0\"?><a href=x>", "x")]
    [InlineData("<script>'<a href=y>'</script><a href=x>", "x")]
    [InlineData("<STYLE>/* <a href=y> */</Style><a href=x>", "x")]
    [InlineData("<title><a href=y></title><a href=x>", "x")]
    public void Read_Link_LeadsWhereABrowserWouldGo(string html, string link) =>
        Assert.Equal([link], HtmlPage.Read(html).Links);

    [Theory]
    [InlineData("<abbr href=x>")]
    [InlineData("<img src=x><link href=y><base href=z>")]
    [InlineData("<a name=x>")]
    [InlineData("<a href>")]
    [InlineData("</a href=x>")]
    [InlineData("&lt;a href=x&gt;")]
    [InlineData("< a href=x>")]
    [InlineData("<!-- <a href=x>")]
    [InlineData("<script><a href=x>")]
    [InlineData("<a href=\"x>")]
    [InlineData("<a href=x")]
    [InlineData("<a href=")]
    [InlineData("<a href= ")]
    [InlineData("<a")]
    [InlineData("<")]
    [InlineData("</")]
    [InlineData("<!")]
    [InlineData("<!--")]
    [InlineData("")]
    public void Read_NoLink_HasNone(string html) => Assert.Empty(HtmlPage.Read(html).Links);

    [Theory]
    [InlineData("<html><title> Index of /a&amp;b/ </title></html>", "Index of /a&b/", true)]
    [InlineData("<title>a</TITLE></HTML >", "a", true)]
    [InlineData("<title>a", "a", false)]
    [InlineData("<!-- </html> -->", "", false)]
    [InlineData("<html>", "", false)]
    [InlineData("</htm", "", false)]
    public void Read_Page_TellsItsTitleAndWhetherItIsWhole(string html, string title, bool isWhole)
    {
        var page = HtmlPage.Read(html);

        Assert.Equal((title, isWhole), (page.Title, page.IsWhole));
    }

    [Fact]
    public void Read_AnyCutOfAPage_EndsAndFindsNoOtherLinks()
    {
        var all = HtmlPage.Read(RecordedPages.ApacheTable);

        for (var length = 0; length <= RecordedPages.ApacheTable.Length; length++)
        {
            var cut = HtmlPage.Read(RecordedPages.ApacheTable[..length]);
            Assert.Equal(all.Links.Take(cut.Links.Count), cut.Links);
        }
    }
}
