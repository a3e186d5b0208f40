using System.Net.Http.Headers;
using Larder.Origins.Http;

namespace Larder.Tests.Origins.Http;

public sealed class EntityTagsTests
{
    private static readonly DateTimeOffset Modified = DateTimeOffset.FromUnixTimeSeconds(0x6b01b340);

    [Theory]
    [InlineData("\"6b01b340-4d2\"", true)] // nginx
    [InlineData("\"4d2-660cab164e8cd\"", true)] // Apache
    [InlineData("\"6b01b341-4d2\"", false)]
    [InlineData("\"6b01b340-4d3\"", false)]
    [InlineData("\"4d2-560cab164e8cd\"", false)]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e\"", false)]
    [InlineData("\"d41d8cd98f00b204e9800998ecf8427e-2\"", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"-\"", false)]
    [InlineData(null, true)]
    public void RestsOnSizeAndTime_Tag_IsReadAsItsServerMakesIt(string? tag, bool expected)
    {
        using var response = new HttpResponseMessage { Content = new ByteArrayContent(new byte[0x4d2]) };
        response.Content.Headers.LastModified = Modified;
        response.Headers.ETag = tag is null ? null : new EntityTagHeaderValue(tag);

        Assert.Equal(expected, EntityTags.RestsOnSizeAndTime(response));
    }
}
