namespace Larder.Recordings;

/// <summary>The answer does not depend on this parameter, property or field: it is left out of requests.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class NotRecordedAttribute : Attribute;
