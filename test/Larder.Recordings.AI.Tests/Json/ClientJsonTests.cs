using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Json.Tests;

public sealed class ClientJsonTests
{
    // Else the name of a derived type would stand where a member does, and be refused when it is first written.
    [Theory]
    [InlineData(typeof(AIContent))]
    [InlineData(typeof(AIAnnotation))]
    [InlineData(typeof(AnnotatedRegion))]
    [InlineData(typeof(ChatResponseFormat))]
    [InlineData(typeof(ChatToolMode))]
    [InlineData(typeof(HostedMcpServerToolApprovalMode))]
    public void Requests_DerivedTypes_HaveNoMemberThatIsCalledType(Type type)
    {
        var derived = ClientJson.Requests.GetTypeInfo(type).PolymorphismOptions!;

        Assert.Equal("type", derived.TypeDiscriminatorPropertyName);
        Assert.All(
            derived.DerivedTypes,
            one =>
                Assert.DoesNotContain(
                    ClientJson.Requests.GetTypeInfo(one.DerivedType).Properties,
                    property => property.Name == "type" && property.Get is not null
                )
        );
    }
}
