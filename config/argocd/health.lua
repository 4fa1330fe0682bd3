-- Health of an InstanceStorage or TeamStorage, from its conditions. Delivered, RolledOut, Provisioned and other reported
-- conditions do not affect it.
local function condition(type)
  if obj.status ~= nil and obj.status.conditions ~= nil then
    for _, one in ipairs(obj.status.conditions) do
      if one.type == type then
        return one
      end
    end
  end
  return nil
end

local function isTrue(type)
  local found = condition(type)
  return found ~= nil and found.status == "True"
end

local ready = condition("Ready")
local message = "Waiting for the operator"
if ready ~= nil and ready.message ~= nil then
  message = ready.message
end

if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "Being deleted" }
end
-- The conditions of an older generation do not apply to this one.
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "Waiting for the operator" }
end
if obj.spec ~= nil and obj.spec.suspend == true then
  return { status = "Suspended", message = message }
end
if isTrue("Stalled") then
  return { status = "Degraded", message = message }
end
if isTrue("Reconciling") then
  return { status = "Progressing", message = message }
end
if isTrue("Ready") then
  return { status = "Healthy", message = message }
end
return { status = "Progressing", message = message }
