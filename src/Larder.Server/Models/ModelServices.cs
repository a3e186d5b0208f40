using Larder.Server.Configuration;
using Larder.Server.Http;
using Larder.Server.Reloading;
using Larder.Server.Runtimes;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Server.Models;

/// <summary>Adds the served models: their versions, their warm-up, and the configuration that changes them.</summary>
internal static class ModelServices
{
    public static IServiceCollection AddServedModels(this IServiceCollection services)
    {
        services.AddSingleton(provider => provider.GetRequiredService<LarderConfiguration>().WarmUp);
        services.AddSingleton(provider => new ModelCatalog(provider.GetRequiredService<LarderConfiguration>()));
        services.AddSingleton<ModelVersions>();
        services.AddSingleton<ModelRuntimes>();
        services.AddSingleton<ModelRenewals>();
        services.AddSingleton<ModelStates>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<ModelAdminEndpoint>();
        services.AddSingleton<WarmUp>();
        services.AddHostedService(provider => provider.GetRequiredService<WarmUp>());
        services.AddHostedService<Revalidation>();
        services.AddSingleton<IReloadable, CacheLimits>();
        services.AddSingleton<IReloadable, ServedModels>();
        services.AddSingleton<ConfigurationReloader>();
        services.AddHostedService(provider => provider.GetRequiredService<ConfigurationReloader>());
        return services;
    }
}
