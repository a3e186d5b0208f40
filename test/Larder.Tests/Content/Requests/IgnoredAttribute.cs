namespace Larder.Tests.Content.Requests;

/// <summary>Marks members that nothing depends on, in these tests.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class IgnoredAttribute : Attribute;
