using Larder.Server.Access;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What pages call whoever looks at them.</summary>
internal static class CallerNames
{
    extension(Caller caller)
    {
        /// <summary>The name of the token that somebody signed in with; null where there is nothing to sign out of.</summary>
        public string? SignInName => caller.Kind == CallerKind.Session ? caller.Name : null;
    }
}
