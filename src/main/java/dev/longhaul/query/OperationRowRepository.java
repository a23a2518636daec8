package dev.longhaul.query;

import java.util.UUID;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

/// Read-only: it has no method that saves.
interface OperationRowRepository extends Repository<OperationRow, UUID>, JpaSpecificationExecutor<OperationRow> {
}
