using Yagura.Core.Ports;

namespace Yagura.Api.Wire;

/// <summary>What the operations work on.</summary>
public sealed record Backend(IDocumentStore Documents, IFindingStore Findings, IAuditLog Audit, TimeProvider Time);
